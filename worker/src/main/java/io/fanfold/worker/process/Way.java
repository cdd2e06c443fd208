package io.fanfold.worker.process;

/** A way for turns to come to children. Any thread; it never waits. */
sealed interface Way permits Alone, Together {
    /** Takes a turn in; it ends when it has been computed or cannot be. */
    void enter(Turn turn);

    /** Lets a turn go that has ended while it waited. */
    void leave(Turn turn);

    /** Ends children that have been idle for long. */
    void sweep();
}
