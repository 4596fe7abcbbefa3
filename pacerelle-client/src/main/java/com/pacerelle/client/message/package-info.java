/**
 * What an agent and a person say to each other: messages, attachments, widgets and
 * answers (gateway.md sections 4, 5.1, 5.2, 5.3).
 */
@NullMarked
package com.pacerelle.client.message;

import org.jspecify.annotations.NullMarked;
