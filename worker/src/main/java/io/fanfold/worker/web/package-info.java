/** Health and the Micronaut application. */
@NullMarked
package io.fanfold.worker.web;

import org.jspecify.annotations.NullMarked;
