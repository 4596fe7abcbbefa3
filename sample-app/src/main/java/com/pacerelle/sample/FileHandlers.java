package com.pacerelle.sample;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import javax.imageio.ImageIO;

import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentFile;
import com.pacerelle.spring.handler.MessageKind;
import com.pacerelle.spring.handler.PacerelleHandler;

import org.springframework.stereotype.Component;

/**
 * Files in both directions.
 */
@Component
class FileHandlers {

	@PacerelleHandler(command = "/report", description = "sends a text file")
	AgentFile report() {
		return AgentFile.of("report.txt", "All checks have passed.\n".getBytes(StandardCharsets.UTF_8));
	}

	@PacerelleHandler(command = "/chart", description = "sends an image")
	AgentFile chart() throws IOException {
		BufferedImage image = new BufferedImage(320, 200, BufferedImage.TYPE_INT_RGB);
		Graphics2D graphics = image.createGraphics();
		graphics.setColor(Color.WHITE);
		graphics.fillRect(0, 0, 320, 200);
		graphics.setColor(new Color(0x2F6FDE));
		for (int bar = 0; bar < 6; bar++) {
			graphics.fillRect(30 + 45 * bar, 160 - 20 * bar, 30, 20 + 20 * bar);
		}
		graphics.dispose();
		ByteArrayOutputStream png = new ByteArrayOutputStream();
		ImageIO.write(image, "png", png);
		return AgentFile.of("chart.png", png.toByteArray());
	}

	@PacerelleHandler(kind = MessageKind.ATTACHMENT)
	String describe(List<AgentAttachment> attachments) throws IOException {
		List<String> lines = new ArrayList<>();
		for (AgentAttachment attachment : attachments) {
			lines.add(attachment.name() + ", " + attachment.mime() + ", " + attachment.size() + " bytes, SHA-256 "
					+ sha256(attachment));
		}
		return String.join("\n", lines);
	}

	private static String sha256(AgentAttachment attachment) throws IOException {
		try (InputStream content = attachment.resource().getInputStream()) {
			DigestInputStream digest = new DigestInputStream(content, MessageDigest.getInstance("SHA-256"));
			digest.transferTo(OutputStream.nullOutputStream());
			return HexFormat.of().formatHex(digest.getMessageDigest().digest());
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
