package com.pacerelle.test;

import org.springframework.stereotype.Service;

@Service
class Deployments {

	String deploy(String version) {
		return "Deployed " + version;
	}

}
