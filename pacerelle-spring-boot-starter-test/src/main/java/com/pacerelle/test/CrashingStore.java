package com.pacerelle.test;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * A store that is out of reach from a crash until the restart, as if the process had been
 * killed: what was committed stays.
 */
final class CrashingStore implements InvocationHandler {

	private final AgentStore store;

	private volatile boolean down;

	private @Nullable CrashPoint point;

	private Runnable onCrash = () -> {
	};

	CrashingStore(AgentStore store) {
		this.store = store;
	}

	AgentStore proxy() {
		return (AgentStore) Proxy.newProxyInstance(AgentStore.class.getClassLoader(),
				new Class<?>[] { AgentStore.class }, this);
	}

	/**
	 * Crashes when the next message is accepted.
	 * @param point before or after that is on the disk
	 * @param onCrash called when it happens
	 */
	synchronized void crashAt(CrashPoint point, Runnable onCrash) {
		this.point = point;
		this.onCrash = onCrash;
	}

	void goDown() {
		this.down = true;
	}

	void comeUp() {
		this.down = false;
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
		return switch (method.getName()) {
			case "close", "toString", "hashCode" -> call(method, arguments);
			case "equals" -> arguments != null && proxy == arguments[0];
			case "commitAsync" -> commit(method, arguments);
			case "commitAndWait" -> InvocationHandler.invokeDefault(proxy, method, arguments);
			default -> {
				if (this.down) {
					throw killed();
				}
				yield call(method, arguments);
			}
		};
	}

	private @Nullable Object commit(Method method, Object @Nullable [] arguments) throws Throwable {
		CrashPoint now = (arguments != null && isAcceptance((List<?>) arguments[0])) ? takePoint() : null;
		if (now == CrashPoint.AFTER_COMMIT) {
			CompletableFuture<?> committed = (CompletableFuture<?>) call(method, arguments);
			if (committed != null) {
				committed.join();
			}
		}
		if (now != null) {
			goDown();
			this.onCrash.run();
		}
		return this.down ? CompletableFuture.failedFuture(killed()) : call(method, arguments);
	}

	private synchronized @Nullable CrashPoint takePoint() {
		CrashPoint now = this.point;
		this.point = null;
		return now;
	}

	private static boolean isAcceptance(List<?> changes) {
		return changes.stream().anyMatch(Change.MessageAccepted.class::isInstance);
	}

	private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
		try {
			return method.invoke(this.store, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

	private static StoreException killed() {
		return new StoreException("The process was killed by the test", null);
	}

}
