/** What tests of every module share: real brokers, a real NumPy, and arrays of every kind. Never shipped. */
@NullMarked
package io.fanfold.testkit;

import org.jspecify.annotations.NullMarked;
