package com.pacerelle.test;

import org.springframework.stereotype.Component;

@Component
class Unrelated {

}
