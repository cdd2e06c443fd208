package io.fanfold.protocol.wire;

/**
 * A request on the control topic to end a job. The owner of its outcomes decides.
 *
 * @param reason one line for a person
 */
public record Cancel(JobId job, String reason) {}
