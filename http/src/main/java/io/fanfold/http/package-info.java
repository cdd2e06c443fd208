/** What the HTTP servers of all roles share: problems, bodies that stream, byte ranges, the token and the limits. */
@NullMarked
package io.fanfold.http;

import org.jspecify.annotations.NullMarked;
