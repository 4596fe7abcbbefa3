/**
 * Payloads in and out: prekeys, the sessions of people, the keys of groups and archives.
 */
@NullMarked
package com.pacerelle.client.encryption;

import org.jspecify.annotations.NullMarked;
