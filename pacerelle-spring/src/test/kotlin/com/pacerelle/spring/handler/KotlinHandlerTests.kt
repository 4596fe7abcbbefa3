package com.pacerelle.spring.handler

import com.pacerelle.client.message.AgentMessage
import com.pacerelle.client.message.Confirm
import com.pacerelle.client.message.Widget
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.reactor.awaitSingle
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.AutoClose
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.CsvSource

/**
 * Handlers in Kotlin: suspending functions, flows and nullable types.
 */
class KotlinHandlerTests {

	@AutoClose
	private val handlers = HandlerContext.started(Handlers::class.java)

	@ParameterizedTest
	@CsvSource(
		"/plain, plain",
		"/suspend, suspended for m1",
		"/suspend-list, first|second",
		"/flow, firstsecond",
		"/suspend-flow, firstsecond",
		"/unit, ''",
		"/null, ''",
		"/count 3, 3",
		"/count, no count",
		"/fail, failed"
	)
	fun `suspending functions and flows reply as other methods do`(text: String, reply: String) {
		assertThat(this.handlers.reply(TestMessages.text(text))).isEqualTo(reply)
	}

	@Test
	fun `an answer is a data class, or null if it was cancelled`() {
		val release = mapOf("version" to "1.2", "priority" to 3)
		assertThat(this.handlers.reply(TestMessages.answer("release", release))).isEqualTo("1.2 with priority 3")
		assertThat(this.handlers.reply(TestMessages.cancelled("release"))).isEqualTo("cancelled")
	}

	@Test
	fun `a suspending function may return a widget`() {
		assertThat(this.handlers.handle(TestMessages.text("/widget"))).containsExactly(Confirm.of("Sure?").id("sure"))
	}

	@Test
	fun `results that cannot be sent are refused at the start`() {
		assertThat(HandlerContext.problem(Unsupported::class.java).lines())
			.hasSize(2)
			.anyMatch { it.contains(".number(Continuation)") && it.contains("returns java.lang.Integer, but allowed are") }
			.anyMatch { it.contains(".numbers(Continuation)") && it.contains("Flow<java.lang.Integer>") }
	}

	// tag::data[]
	data class Release(val version: String, val priority: Int)
	// end::data[]

	class Handlers {

		@PacerelleHandler(command = ["/plain"])
		fun plain() = "plain"

		// tag::suspend[]
		@PacerelleHandler(command = ["/suspend"])
		suspend fun suspended(message: AgentMessage): String {
			delay(1)
			return "suspended for " + HandlerInvocation.fromContext().awaitSingle().message().id()
		}
		// end::suspend[]

		@PacerelleHandler(command = ["/suspend-list"])
		suspend fun list(): List<String> {
			delay(1)
			return listOf("first", "second")
		}

		// tag::flow[]
		@PacerelleHandler(command = ["/flow"])
		fun flowing(): Flow<String> = flow {
			emit("first")
			delay(1)
			emit("second")
		}
		// end::flow[]

		@PacerelleHandler(command = ["/suspend-flow"])
		suspend fun suspendedFlow(): Flow<String> {
			delay(1)
			return flowing()
		}

		@PacerelleHandler(command = ["/unit"])
		suspend fun unit() {
			delay(1)
		}

		@PacerelleHandler(command = ["/null"])
		suspend fun nothing(): String? {
			delay(1)
			return null
		}

		@PacerelleHandler(command = ["/count"])
		suspend fun count(@Argument count: Int?): String {
			delay(1)
			return count?.toString() ?: "no count"
		}

		@PacerelleHandler(command = ["/fail"])
		suspend fun fail(): String {
			delay(1)
			throw IllegalStateException()
		}

		@PacerelleHandler(command = ["/widget"])
		suspend fun widget(): Widget<Boolean> {
			delay(1)
			return Confirm.of("Sure?").id("sure")
		}

		// tag::release[]
		@PacerelleHandler(widget = ["release"])
		suspend fun release(release: Release?): String {
			delay(1)
			return if (release != null) "${release.version} with priority ${release.priority}" else "cancelled"
		}
		// end::release[]

		@PacerelleExceptionHandler
		suspend fun failed(failure: IllegalStateException): String {
			delay(1)
			return "failed"
		}

	}

	class Unsupported {

		@PacerelleHandler(command = ["/number"])
		suspend fun number(): Int = 1

		@PacerelleHandler(command = ["/numbers"])
		suspend fun numbers(): Flow<Int> = flow { }

	}

}
