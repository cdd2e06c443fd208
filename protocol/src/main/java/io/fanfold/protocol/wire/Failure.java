package io.fanfold.protocol.wire;

/**
 * Why a chunk failed.
 *
 * @param error the exception's type, or a word of our own such as {@code TooLarge}
 * @param message one line for a person
 * @param function {@code name@version}
 * @param start the chunk's first row along the split axis
 * @param worker the worker that tried last
 */
public record Failure(String error, String message, String function, long start, String worker) {}
