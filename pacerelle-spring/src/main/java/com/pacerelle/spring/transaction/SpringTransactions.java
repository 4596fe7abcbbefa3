package com.pacerelle.spring.transaction;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;

import javax.sql.DataSource;

import com.pacerelle.client.store.ApplicationTransaction;
import com.pacerelle.client.store.ApplicationTransactions;
import com.pacerelle.client.store.MessageTransaction;
import com.pacerelle.client.store.StoreException;
import com.pacerelle.spring.handler.HandlerTransactions;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.interceptor.TransactionAttribute;
import org.springframework.transaction.interceptor.TransactionAttributeSource;
import org.springframework.transaction.interceptor.TransactionInterceptor;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * Spring's transactions in the database that the stores of agents are in: those that
 * {@code @Transactional} handler methods begin, and all others, such as those of
 * controllers and jobs, whichever transaction manager runs them with connections of this
 * data source.
 */
public final class SpringTransactions implements ApplicationTransactions, HandlerTransactions {

	private final DataSource dataSource;

	private final BeanFactory beanFactory;

	private final ThreadLocal<HandledMessage> messages = new ThreadLocal<>();

	/**
	 * Creates the transactions.
	 * @param dataSource the data source of the stores
	 * @param beanFactory has the transaction managers
	 */
	public SpringTransactions(DataSource dataSource, BeanFactory beanFactory) {
		this.dataSource = (dataSource instanceof TransactionAwareDataSourceProxy proxy)
				? Objects.requireNonNull(proxy.getTargetDataSource()) : dataSource;
		this.beanFactory = beanFactory;
	}

	@Override
	public @Nullable ApplicationTransaction current() {
		if (!TransactionSynchronizationManager.isSynchronizationActive()
				|| !TransactionSynchronizationManager.isActualTransactionActive() || !hasConnection()) {
			return null;
		}
		for (TransactionSynchronization known : TransactionSynchronizationManager.getSynchronizations()) {
			if (known instanceof JoinedTransaction joined && joined.isOf(this.dataSource)) {
				return joined;
			}
		}
		return new JoinedTransaction(this.dataSource);
	}

	/**
	 * A connection that commits by itself is bound to the thread in a transaction of
	 * another database.
	 */
	private boolean hasConnection() {
		if (!(TransactionSynchronizationManager.getResource(this.dataSource) instanceof ConnectionHolder holder)) {
			return false;
		}
		try {
			Connection connection = holder.getConnection();
			return !connection.getAutoCommit();
		}
		catch (SQLException ex) {
			throw new StoreException("The connection of a transaction cannot be used", ex);
		}
	}

	@Override
	public MessageTransaction open() {
		HandledMessage message = new HandledMessage(this::forget);
		this.messages.set(message);
		return message;
	}

	private void forget(HandledMessage message) {
		if (this.messages.get() == message) {
			this.messages.remove();
		}
	}

	@Override
	public @Nullable HandlerTransaction of(Method method, Class<?> beanType, boolean deferred) {
		TransactionInterceptor interceptor = this.beanFactory.getBeanProvider(TransactionInterceptor.class)
			.getIfUnique();
		TransactionAttributeSource attributes = (interceptor != null) ? interceptor.getTransactionAttributeSource()
				: null;
		TransactionAttribute attribute = (attributes != null) ? attributes.getTransactionAttribute(method, beanType)
				: null;
		if (interceptor == null || attribute == null || !begins(attribute)
				|| !(manager(interceptor, attribute) instanceof PlatformTransactionManager manager)) {
			return null;
		}
		Assert.isTrue(attribute.getPropagationBehavior() != TransactionDefinition.PROPAGATION_REQUIRES_NEW,
				"is @Transactional with 'REQUIRES_NEW', so that it would commit before its message is accepted. Use"
						+ " 'REQUIRED', or call a bean that has the transaction");
		Assert.isTrue(!deferred,
				"is @Transactional and returns before its result is there, so that the transaction would not include"
						+ " it. Return the result itself, or call a bean that has the transaction");
		Assert.isTrue(usesDataSource(manager),
				"is @Transactional with a transaction manager that does not use the data source of the agents, so that"
						+ " it would commit apart from its message. Use the manager of that data source, or call a"
						+ " bean that has the transaction");
		return (handler) -> {
			HandledMessage message = this.messages.get();
			return (message != null) ? message.call(manager, attribute, handler) : handler.run();
		};
	}

	/** A transaction that only reads has nothing to be committed with its message. */
	private static boolean begins(TransactionAttribute attribute) {
		return switch (attribute.getPropagationBehavior()) {
			case TransactionDefinition.PROPAGATION_SUPPORTS, TransactionDefinition.PROPAGATION_NOT_SUPPORTED,
					TransactionDefinition.PROPAGATION_NEVER ->
				false;
			default -> !attribute.isReadOnly();
		};
	}

	/** The one that the proxy of the bean takes. */
	private TransactionManager manager(TransactionInterceptor interceptor, TransactionAttribute attribute) {
		String qualifier = attribute.getQualifier();
		if (StringUtils.hasText(qualifier)) {
			return BeanFactoryAnnotationUtils.qualifiedBeanOfType(this.beanFactory, TransactionManager.class,
					qualifier);
		}
		TransactionManager configured = interceptor.getTransactionManager();
		return (configured != null) ? configured : this.beanFactory.getBean(TransactionManager.class);
	}

	/** Of JPA, only a transaction that has begun shows it. */
	private boolean usesDataSource(PlatformTransactionManager manager) {
		if (manager instanceof ResourceTransactionManager resources
				&& resources.getResourceFactory() instanceof DataSource used) {
			return used.equals(this.dataSource);
		}
		return Boolean.TRUE.equals(new TransactionTemplate(manager)
			.execute((status) -> TransactionSynchronizationManager.hasResource(this.dataSource)));
	}

}
