package com.pacerelle.spring.handler;

/** x. */
public final class Questions {

}
