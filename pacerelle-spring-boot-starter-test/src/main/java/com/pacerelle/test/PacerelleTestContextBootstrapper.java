package com.pacerelle.test;

import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;
import org.springframework.test.context.TestContextBootstrapper;

/**
 * {@link TestContextBootstrapper} for {@link PacerelleTest @PacerelleTest}.
 */
final class PacerelleTestContextBootstrapper extends TestSliceTestContextBootstrapper<PacerelleTest> {

}
