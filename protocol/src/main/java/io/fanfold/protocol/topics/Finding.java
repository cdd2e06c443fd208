package io.fanfold.protocol.topics;

/**
 * What was seen of one topic.
 *
 * @param ok whether the fleet can work with it as it is
 * @param detail one line: how it is, or what is wrong and what to do about it
 */
public record Finding(String topic, boolean ok, String detail) {}
