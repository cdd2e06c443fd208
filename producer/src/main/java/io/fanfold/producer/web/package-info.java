/** The way in over HTTP, and the way to what comes of it; health, and the producer as beans. */
@NullMarked
package io.fanfold.producer.web;

import org.jspecify.annotations.NullMarked;
