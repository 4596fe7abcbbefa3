package com.pacerelle.spring.boot.autoconfigure;

import com.pacerelle.spring.handler.InvalidHandlerException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes failures caused by an {@link InvalidHandlerException}.
 */
class InvalidHandlerFailureAnalyzer extends AbstractFailureAnalyzer<InvalidHandlerException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidHandlerException cause) {
		return new FailureAnalysis(cause.getMessage(),
				"Change the methods so that each can be called and each message has one handler, such as 'String echo(AgentMessage message)' for all that no other one is for.",
				cause);
	}

}
