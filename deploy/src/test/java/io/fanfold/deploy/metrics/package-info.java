/** What is in {@code deploy/metrics}, beside what a fleet really says of itself. */
@NullMarked
package io.fanfold.deploy.metrics;

import org.jspecify.annotations.NullMarked;
