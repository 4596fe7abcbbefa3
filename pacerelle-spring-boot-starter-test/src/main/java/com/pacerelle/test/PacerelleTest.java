package com.pacerelle.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.spring.handler.PacerelleExceptionHandler;
import com.pacerelle.spring.handler.PacerelleHandler;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.core.annotation.AliasFor;
import org.springframework.core.env.Environment;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * A test of the handlers of an agent. The context has the components with
 * {@link PacerelleHandler} and {@link PacerelleExceptionHandler} methods, beans that
 * extend how handlers are called, such as an {@link AgentMessageHandler}, and the
 * auto-configuration of the agent; other components, such as services and repositories,
 * are left out, and can be mocked or imported.
 * <p>
 * The agent is the one of production: the same client, with real encryption, connected to
 * a relay in the same process. People write to it:
 *
 * <pre class="code">
 * &#064;PacerelleTest
 * class DeployTests {
 *
 * 	&#064;Test
 * 	void deploysWhenThePersonAgrees(&#064;Autowired TestPerson person) {
 * 		person.says("/deploy 1.2")
 * 			.receives(confirm("confirm-deploy"))
 * 			.answers(true)
 * 			.receives(text("Deployed"));
 * 	}
 *
 * }
 * </pre>
 *
 * To test the whole application, use {@link SpringBootTest} instead: {@link TestPerson}
 * can be injected there, too.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@BootstrapWith(PacerelleTestContextBootstrapper.class)
@ExtendWith(SpringExtension.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(HandlerTypeExcludeFilter.class)
@ImportAutoConfiguration
public @interface PacerelleTest {

	/**
	 * Properties in the form {@literal key=value} that are added to the
	 * {@link Environment} before the test runs.
	 * @return the properties
	 */
	String[] properties() default {};

	/**
	 * Whether the components of handlers are included that the application has. Without
	 * them, {@link #includeFilters()} says what is.
	 * @return whether they are
	 */
	boolean useDefaultFilters() default true;

	/**
	 * Which other components are included.
	 * @return the filters
	 */
	Filter[] includeFilters() default {};

	/**
	 * Which components of handlers are left out.
	 * @return the filters
	 */
	Filter[] excludeFilters() default {};

	/**
	 * Which auto-configurations are left out.
	 * @return the auto-configurations
	 */
	@AliasFor(annotation = ImportAutoConfiguration.class, attribute = "exclude")
	Class<?>[] excludeAutoConfiguration() default {};

}
