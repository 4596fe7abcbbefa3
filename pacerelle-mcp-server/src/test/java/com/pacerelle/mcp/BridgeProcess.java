package com.pacerelle.mcp;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import com.pacerelle.dev.DevRelay;

/**
 * How the bridge's jar is started, as a desktop client does.
 */
final class BridgeProcess {

	static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

	private BridgeProcess() {
	}

	static List<String> arguments() {
		// The first one starts in half the time.
		return List.of("-XX:TieredStopAtLevel=1", "-jar", System.getProperty("mcp-server.jar"));
	}

	static Map<String, String> environment(DevRelay relay, Path store) {
		return Map.of("PACERELLE_AGENT_ID", relay.agentId(), "PACERELLE_AGENT_TOKEN", relay.token(),
				"PACERELLE_BASE_URL", relay.baseUrl().toString(), "PACERELLE_STORE_ROOT", store.toString());
	}

}
