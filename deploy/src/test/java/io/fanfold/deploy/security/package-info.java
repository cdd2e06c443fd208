/** The users of a fleet and what they may do. */
@NullMarked
package io.fanfold.deploy.security;

import org.jspecify.annotations.NullMarked;
