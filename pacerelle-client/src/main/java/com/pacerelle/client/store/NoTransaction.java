package com.pacerelle.client.store;

/**
 * Never begins.
 */
enum NoTransaction implements MessageTransaction {

	INSTANCE;

	@Override
	public boolean isActive() {
		return false;
	}

	@Override
	public void commit() {
		throw new IllegalStateException("No transaction has begun");
	}

	@Override
	public void rollBack() {
		// There is nothing to roll back.
	}

	@Override
	public void close() {
		// There is nothing to end.
	}

}
