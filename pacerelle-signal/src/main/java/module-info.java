/**
 * The Signal session protocol in pure Java. Only {@link com.pacerelle.signal} is API.
 */
module com.pacerelle.signal {

	requires org.bouncycastle.provider;
	requires static transitive org.jspecify;

	exports com.pacerelle.signal;

}
