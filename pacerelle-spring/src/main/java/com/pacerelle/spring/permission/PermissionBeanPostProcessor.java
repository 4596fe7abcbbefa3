package com.pacerelle.spring.permission;

import java.util.function.Supplier;

import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;

/**
 * Creates a proxy for each bean that has methods with
 * {@link RequiresPermission @RequiresPermission}.
 */
public final class PermissionBeanPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the post-processor.
	 * @param guard the guard, not used before the first call
	 */
	public PermissionBeanPostProcessor(Supplier<PermissionGuard> guard) {
		this.advisor = new DefaultPointcutAdvisor(
				AnnotationMatchingPointcut.forMethodAnnotation(RequiresPermission.class),
				new PermissionInterceptor(guard));
		// Before the advice for transactions: none is open while a person is asked.
		setBeforeExistingAdvisors(true);
	}

	/**
	 * Refuses beans with methods that would run without the permission.
	 * @throws InvalidPermissionException if a method cannot be guarded
	 */
	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		GuardedMethods.check(AopUtils.getTargetClass(bean));
		return bean;
	}

}
