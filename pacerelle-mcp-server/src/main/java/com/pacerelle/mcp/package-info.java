/**
 * A bridge for MCP clients: they write to people, ask them, and get what they write.
 */
@NullMarked
package com.pacerelle.mcp;

import org.jspecify.annotations.NullMarked;
