package com.example.approval;

interface Databases {

	void drop(String name);

}
