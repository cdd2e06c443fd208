/** Arrays coming in: from a mapped file, or row after row from a stream. */
@NullMarked
package io.fanfold.producer.source;

import org.jspecify.annotations.NullMarked;
