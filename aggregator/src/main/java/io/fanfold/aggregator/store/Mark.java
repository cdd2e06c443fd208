package io.fanfold.aggregator.store;

import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.WireException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How far the owner of an outcomes partition has come: every outcome below {@code position} is of a job that has ended, or is in the
 * checkpoint of one of {@code jobs}.
 *
 * @param topic id of the outcomes topic: of one made anew, offsets mean nothing
 */
public record Mark(String topic, long position, List<JobId> jobs) {
    private static final int VERSION = 0xfa4e0001;

    public Mark {
        jobs = List.copyOf(jobs);
    }

    byte[] encode() {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeInt(VERSION);
            out.writeUTF(topic);
            out.writeLong(position);
            out.writeInt(jobs.size());
            for (JobId job : jobs) {
                out.writeUTF(job.value());
            }
            return Checked.sealed(bytes.toByteArray());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("writing to memory", e);
        }
    }

    static Mark decode(byte[] bytes) throws IOException {
        try {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(Checked.opened(bytes)));
            if (in.readInt() != VERSION) {
                throw new IOException("no mark of this version");
            }
            String topic = in.readUTF();
            long position = in.readLong();
            List<JobId> jobs = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                jobs.add(new JobId(in.readUTF()));
            }
            return new Mark(topic, position, jobs);
        } catch (WireException e) {
            throw new IOException("a mark with another job", e);
        }
    }
}
