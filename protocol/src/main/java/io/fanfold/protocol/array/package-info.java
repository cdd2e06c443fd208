/**
 * What an array is, without its bytes' journey: dtype, shape, memory order, the view along one axis, and how rows are
 * cut into chunks. Pure: no Kafka, no files, no clock, no threads; every type here is immutable.
 */
@NullMarked
package io.fanfold.protocol.array;

import org.jspecify.annotations.NullMarked;
