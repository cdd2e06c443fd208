package io.fanfold.protocol.wire;

/** A function that the workers of a pool have: a record of the functions topic. */
public record FunctionOffer(String pool, FunctionDescription function) {}
