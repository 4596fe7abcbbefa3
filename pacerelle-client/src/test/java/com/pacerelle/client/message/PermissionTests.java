package com.pacerelle.client.message;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PermissionTests {

	private final Permission permission = Permission.of("Read the folder?").id("allow-folder-read");

	@Test
	void hasTheFieldsThatWereSet() {
		assertThat(this.permission.spec()).isEqualTo(Map.of("title", "Read the folder?"));
		assertThat(this.permission.scopes(PermissionScope.ONCE, PermissionScope.SESSION)
			.authorization(Map.of("action", "read"))
			.spec())
			.isEqualTo(Map.of("title", "Read the folder?", "scopes", List.of("once", "session"), "authorization",
					Map.of("action", "read")));
	}

	@Test
	void refusesNoScopeAndTheSameScopeTwice() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.permission.scopes(new PermissionScope[0]))
			.withMessage("'scopes' must have at least one scope");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.permission.scopes(PermissionScope.ONCE, PermissionScope.ONCE))
			.withMessage("'scopes' must not have a scope twice");
	}

	@Test
	void isGrantedForAScopeOrDenied() {
		assertThat(this.permission.read(Answers.of(Map.of("granted", true, "scope", "session"))))
			.isEqualTo(new PermissionDecision(true, PermissionScope.SESSION));
		Map<String, Object> denied = new HashMap<>();
		denied.put("granted", false);
		denied.put("scope", null);
		assertThat(this.permission.read(Answers.of(denied))).isEqualTo(new PermissionDecision(false, null));
	}

	@Test
	void aDenialHasNoScope() {
		assertThat(this.permission.read(Answers.of(Map.of("granted", false, "scope", "once"))))
			.isEqualTo(new PermissionDecision(false, null));
	}

	@Test
	void isNotGrantedForAScopeThatWasNotOffered() {
		Permission once = this.permission.scopes(PermissionScope.ONCE);
		assertThat(once.read(Answers.of(Map.of("granted", true, "scope", "once"))).granted()).isTrue();
		for (Object value : List.of(Map.of("granted", true, "scope", "session"), Map.of("granted", true),
				Map.of("granted", true, "scope", "ONCE"), Map.of("granted", true, "scope", 1))) {
			assertThatExceptionOfType(InvalidAnswerException.class).isThrownBy(() -> once.read(Answers.of(value)))
				.satisfies((ex) -> assertThat(ex.messages())
					.containsExactly("Grant the permission for one of the scopes that are offered"));
		}
	}

	@Test
	void isNotAnsweredWithAnythingElse() {
		for (Object value : Arrays.asList(null, true, "granted", Map.of(), Map.of("granted", "true"))) {
			assertThatExceptionOfType(InvalidAnswerException.class)
				.isThrownBy(() -> this.permission.read(Answers.of(value)));
		}
	}

	@Test
	void thereIsNoGrantWithoutScope() {
		assertThatIllegalArgumentException().isThrownBy(() -> new PermissionDecision(true, null))
			.withMessage("'scope' must not be null when the permission is granted");
	}

}
