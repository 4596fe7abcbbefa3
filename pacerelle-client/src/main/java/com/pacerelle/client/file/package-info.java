/**
 * Attachments up and down (gateway.md section 5.3).
 */
@NullMarked
package com.pacerelle.client.file;

import org.jspecify.annotations.NullMarked;
