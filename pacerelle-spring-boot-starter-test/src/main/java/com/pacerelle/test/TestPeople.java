package com.pacerelle.test;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import com.pacerelle.dev.DevRelay;
import com.pacerelle.dev.Group;
import com.pacerelle.dev.Person;
import org.jspecify.annotations.Nullable;

/**
 * The people who can write to the agent under test, alone or in groups.
 */
public final class TestPeople {

	private static final String FIRST_DEVICE = "phone";

	private final DevRelay relay;

	private final TestAgent agent;

	private final Duration timeout;

	private final @Nullable Group group;

	TestPeople(DevRelay relay, TestAgent agent, Duration timeout) {
		this(relay, agent, timeout, null);
	}

	private TestPeople(DevRelay relay, TestAgent agent, Duration timeout, @Nullable Group group) {
		this.relay = relay;
		this.agent = agent;
		this.timeout = timeout;
		this.group = group;
	}

	/**
	 * A person in a new conversation with the agent, or a member of the group if these
	 * are the {@linkplain #inGroup() people of a group}. The same name is the same person
	 * with the same device.
	 * @param name the id of the person
	 * @return the person
	 */
	public TestPerson person(String name) {
		String conversationId = UUID.randomUUID().toString();
		Map<String, TestPerson> devices = new ConcurrentHashMap<>();
		return onDevice(name, conversationId, FIRST_DEVICE, devices);
	}

	private TestPerson onDevice(String name, String conversationId, String deviceId, Map<String, TestPerson> devices) {
		return devices.computeIfAbsent(deviceId, (id) -> {
			Person person = (this.group != null) ? this.group.member(name, id)
					: this.relay.person(name, conversationId, id);
			return new TestPerson(name, person, (other) -> onDevice(name, conversationId, other, devices), this.agent,
					this.timeout);
		});
	}

	/**
	 * The people of a new group with the agent. Each {@link #person} is a member, and
	 * receives what the agent sends to the group from then on.
	 * @return the people
	 */
	public TestPeople inGroup() {
		return new TestPeople(this.relay, this.agent, this.timeout, this.relay.group(UUID.randomUUID().toString()));
	}

	/**
	 * The same people, who wait longer or shorter for what they expect.
	 * @param timeout how long
	 * @return the people
	 */
	public TestPeople within(Duration timeout) {
		return new TestPeople(this.relay, this.agent, timeout, this.group);
	}

}
