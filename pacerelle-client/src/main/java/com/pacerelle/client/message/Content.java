package com.pacerelle.client.message;

/**
 * What a message of the agent carries (gateway.md section 5.1).
 */
public sealed interface Content permits Reply, AgentFile, Widget, WidgetUpdate {

}
