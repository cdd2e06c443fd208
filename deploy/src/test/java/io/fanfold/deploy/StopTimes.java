package io.fanfold.deploy;

/** How many seconds a role may take to end after its drain: whatever kills it has to wait for both. */
public final class StopTimes {
    /** A worker: to leave the group, to end children, to send, and the last commit. */
    public static final int AFTER_DRAIN = 45;
    /** A producer: to withdraw what has not come in, and to close its clients. */
    public static final int AFTER_UPLOADS = 30;

    private StopTimes() {}
}
