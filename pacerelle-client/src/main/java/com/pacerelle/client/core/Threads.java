package com.pacerelle.client.core;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.netty.util.concurrent.DefaultThreadFactory;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.task.VirtualThreadTaskExecutor;

/**
 * Makes the client's threads: daemons that end when they are idle. Tasks after a shutdown
 * are dropped: their work is in the store, or is delivered again.
 */
public final class Threads {

	private static final int FIRST_JDK_WITH_VIRTUAL_THREADS = 21;

	private static final long IDLE_SECONDS = 30;

	private Threads() {
	}

	/**
	 * As many threads as there is work, each for as long as it needs.
	 */
	public static ThreadPoolExecutor unbounded(String name, boolean virtual) {
		return new Pool(0, Integer.MAX_VALUE, new SynchronousQueue<>(), factory(name, virtual));
	}

	public static ThreadPoolExecutor pool(String name, int size, boolean virtual) {
		ThreadPoolExecutor pool = new Pool(size, size, new LinkedBlockingQueue<>(), factory(name, virtual));
		pool.allowCoreThreadTimeOut(true);
		return pool;
	}

	static boolean areVirtual(boolean wanted) {
		return wanted && Runtime.version().feature() >= FIRST_JDK_WITH_VIRTUAL_THREADS;
	}

	private static ThreadFactory factory(String name, boolean virtual) {
		if (areVirtual(virtual)) {
			return new VirtualThreadTaskExecutor(name + "-").getVirtualThreadFactory();
		}
		return new DefaultThreadFactory(name, true);
	}

	/**
	 * Starts a task later when no thread can be started now: whoever waits for it would
	 * wait for ever.
	 */
	static final class Pool extends ThreadPoolExecutor {

		private static final long NO_THREAD_PAUSE_MILLIS = 100;

		Pool(int size, int maxSize, BlockingQueue<Runnable> queue, ThreadFactory threads) {
			super(size, maxSize, IDLE_SECONDS, TimeUnit.SECONDS, queue, threads, new DiscardPolicy());
		}

		@Override
		public void execute(Runnable task) {
			try {
				super.execute(task);
			}
			catch (OutOfMemoryError ex) {
				Schedulers.parallel().schedule(() -> execute(task), NO_THREAD_PAUSE_MILLIS, TimeUnit.MILLISECONDS);
			}
		}

	}

}
