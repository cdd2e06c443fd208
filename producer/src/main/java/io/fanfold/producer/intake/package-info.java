/** Arrays that upstream writes to the submissions topic: each record becomes a job, or is set aside. */
@NullMarked
package io.fanfold.producer.intake;

import org.jspecify.annotations.NullMarked;
