package io.fanfold.cli;

import io.fanfold.cli.door.Door;
import io.fanfold.cli.door.DoorAddress;
import io.fanfold.cli.show.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that goes through a door to a fleet. */
abstract class OnDoor implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    DoorOptions door;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    Format format;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    Verbosity verbosity;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    CommandSpec spec;

    /** Does it; returns the exit code. */
    abstract int on(Door open, DoorAddress at) throws IOException, InterruptedException;

    /** What is wrong is found here, before the door is opened. */
    void check() throws IOException {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logs.people(verbosity.verbose);
        check();
        DoorAddress at = door.address();
        return at instanceof DoorAddress.Kafka kafka ? OnCluster.run(kafka.settings(), () -> through(at)) : through(at);
    }

    private int through(DoorAddress at) throws IOException, InterruptedException {
        try (Door open = at.open("fanfold-" + spec.name())) {
            int code = on(open, at);
            out().flush();
            return code;
        }
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** A line that is no part of the answer: what to do next, or what went wrong. */
    void remark(String line) {
        out().flush();
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }

    /** A terminal's own width; elsewhere nothing is cut. */
    int lineWidth() {
        return Progress.onTerminal() ? spec.usageMessage().autoWidth(true).width() : Integer.MAX_VALUE;
    }
}
