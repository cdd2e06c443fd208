/** The way in over HTTP, health, and the Micronaut application. */
@NullMarked
package io.fanfold.producer.web;

import org.jspecify.annotations.NullMarked;
