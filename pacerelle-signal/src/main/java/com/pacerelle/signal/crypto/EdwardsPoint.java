package com.pacerelle.signal.crypto;

import java.util.Arrays;

import org.bouncycastle.math.ec.rfc7748.X25519Field;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jspecify.annotations.Nullable;

/**
 * A point of edwards25519 in extended coordinates, x = X/Z, y = Y/Z, x*y = T/Z (RFC 8032,
 * section 5.1.4). It exists because signatures need multiples of the base point by given
 * scalars (signal.md section 3.4), for which BouncyCastle has only the field in its API.
 * Addition is complete and multiplication takes the same steps for every scalar.
 */
public final class EdwardsPoint {

	private static final int[] TWICE_D = twiceD();

	private static final EdwardsPoint NEUTRAL = new EdwardsPoint(X25519Field.create(), number(1), number(1),
			X25519Field.create());

	private static final EdwardsPoint BASE = base();

	private final int[] x;

	private final int[] y;

	private final int[] z;

	private final int[] t;

	private EdwardsPoint(int[] x, int[] y, int[] z, int[] t) {
		this.x = x;
		this.y = y;
		this.z = z;
		this.t = t;
	}

	/**
	 * Multiplies the base point.
	 * @param scalar 32 bytes, little endian
	 * @return the encoded point: y with the sign of x in its top bit (RFC 8032, section
	 * 5.1.2)
	 */
	static byte[] multiplyBase(byte[] scalar) {
		EdwardsPoint point = NEUTRAL;
		for (int bit = 255; bit >= 0; bit--) {
			point = point.add(point);
			point = select(-(scalar[bit >>> 3] >>> (bit & 7) & 1), point.add(BASE), point);
		}
		return point.encode();
	}

	/**
	 * Computes y = (u - 1) / (u + 1), the birational map of RFC 7748, section 4.1.
	 * @param key u, 32 bytes, little endian; its top bit is ignored
	 * @return 32 bytes with a clear top bit, or {@code null} if u is -1
	 */
	static byte @Nullable [] encodedY(byte[] key) {
		int[] u = u(key);
		int[] numerator = subtract(u, number(1));
		int[] denominator = sum(u, number(1));
		if (X25519Field.isZeroVar(normalized(denominator))) {
			return null;
		}
		return encode(product(numerator, inverse(denominator)));
	}

	/**
	 * Whether a Montgomery key is below p = 2^255 - 19, on the curve and in its subgroup
	 * of prime order.
	 * @param key u, 32 bytes, little endian
	 * @return whether an honest party can have made the key
	 */
	public static boolean isCanonical(byte[] key) {
		byte[] y = encodedY(key);
		return y != null && Arrays.equals(encode(u(key)), key) && Ed25519.validatePublicKeyFull(y, 0);
	}

	private EdwardsPoint add(EdwardsPoint other) {
		int[] a = product(subtract(this.y, this.x), subtract(other.y, other.x));
		int[] b = product(sum(this.y, this.x), sum(other.y, other.x));
		int[] c = product(product(this.t, TWICE_D), other.t);
		int[] d = product(this.z, other.z);
		d = sum(d, d);
		int[] e = subtract(b, a);
		int[] f = subtract(d, c);
		int[] g = sum(d, c);
		int[] h = sum(b, a);
		return new EdwardsPoint(product(e, f), product(g, h), product(f, g), product(e, h));
	}

	private static EdwardsPoint select(int mask, EdwardsPoint ifSet, EdwardsPoint ifClear) {
		return new EdwardsPoint(select(mask, ifSet.x, ifClear.x), select(mask, ifSet.y, ifClear.y),
				select(mask, ifSet.z, ifClear.z), select(mask, ifSet.t, ifClear.t));
	}

	private static int[] select(int mask, int[] ifSet, int[] ifClear) {
		int[] selected = ifClear.clone();
		X25519Field.cmov(mask, ifSet, 0, selected, 0);
		return selected;
	}

	private byte[] encode() {
		int[] inverse = inverse(this.z);
		byte[] encoded = encode(product(this.y, inverse));
		encoded[31] |= (byte) ((encode(product(this.x, inverse))[0] & 1) << 7);
		return encoded;
	}

	private static EdwardsPoint base() {
		int[] y = product(number(4), inverse(number(5)));
		int[] square = product(y, y);
		int[] numerator = subtract(square, number(1));
		int[] denominator = sum(product(d(), square), number(1));
		int[] x = X25519Field.create();
		X25519Field.sqrtRatioVar(numerator, denominator, x);
		X25519Field.cnegate(encode(x)[0] & 1, x);
		return new EdwardsPoint(x, y, number(1), product(x, y));
	}

	private static int[] d() {
		return product(subtract(number(0), number(121665)), inverse(number(121666)));
	}

	private static int[] twiceD() {
		return sum(d(), d());
	}

	private static int[] u(byte[] key) {
		int[] u = X25519Field.create();
		X25519Field.decode255(key, u);
		return u;
	}

	private static byte[] encode(int[] element) {
		byte[] encoded = new byte[32];
		X25519Field.encode(normalized(element), encoded);
		return encoded;
	}

	private static int[] normalized(int[] element) {
		int[] normalized = element.clone();
		X25519Field.normalize(normalized);
		return normalized;
	}

	private static int[] number(int value) {
		int[] one = X25519Field.create();
		X25519Field.one(one);
		int[] number = X25519Field.create();
		X25519Field.mul(one, value, number);
		return number;
	}

	private static int[] sum(int[] left, int[] right) {
		int[] sum = X25519Field.create();
		X25519Field.add(left, right, sum);
		X25519Field.carry(sum);
		return sum;
	}

	private static int[] subtract(int[] left, int[] right) {
		int[] difference = X25519Field.create();
		X25519Field.sub(left, right, difference);
		X25519Field.carry(difference);
		return difference;
	}

	private static int[] product(int[] left, int[] right) {
		int[] product = X25519Field.create();
		X25519Field.mul(left, right, product);
		return product;
	}

	private static int[] inverse(int[] element) {
		int[] inverse = X25519Field.create();
		X25519Field.inv(element, inverse);
		return inverse;
	}

}
