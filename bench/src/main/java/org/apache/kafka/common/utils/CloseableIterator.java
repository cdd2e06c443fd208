package org.apache.kafka.common.utils;

/** An iterator that holds something until it is closed. */
public interface CloseableIterator<T> extends org.apache.kafka.common.utils.internals.CloseableIterator<T> {}
