/** Health, results over HTTP, and the Micronaut application. */
@NullMarked
package io.fanfold.aggregator.web;

import org.jspecify.annotations.NullMarked;
