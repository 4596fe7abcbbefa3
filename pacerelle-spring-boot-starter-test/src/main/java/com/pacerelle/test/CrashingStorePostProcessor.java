package com.pacerelle.test;

import com.pacerelle.client.store.AgentStore;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Makes the store of the agent one that a test can put out of reach.
 */
final class CrashingStorePostProcessor implements BeanPostProcessor {

	private volatile @Nullable CrashingStore store;

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof AgentStore original) {
			CrashingStore crashing = new CrashingStore(original);
			this.store = crashing;
			return crashing.proxy();
		}
		return bean;
	}

	/**
	 * The store of the agent.
	 * @return the store
	 * @throws IllegalStateException if there is no agent
	 */
	CrashingStore store() {
		CrashingStore crashing = this.store;
		if (crashing == null) {
			throw new IllegalStateException("There is no agent in this test");
		}
		return crashing;
	}

}
