/**
 * The entrance, {@link com.pacerelle.signal.session.SessionCipher}: key agreement,
 * sessions, their messages and their stored form.
 */
@NullMarked
package com.pacerelle.signal.session;

import org.jspecify.annotations.NullMarked;
