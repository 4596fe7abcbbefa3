/**
 * The Signal session protocol in pure Java. {@link com.pacerelle.signal} is its
 * contract, {@link com.pacerelle.signal.session} its entrance; the rest is not API.
 */
module com.pacerelle.signal {

	requires org.bouncycastle.provider;
	requires static transitive org.jspecify;

	exports com.pacerelle.signal;
	exports com.pacerelle.signal.session;

}
