#!/usr/bin/perl
# A Fanfold function in Perl: multiplies every element of a float64 array. See docs/reference/child-protocol.md.
#
#     fanfold worker --command "scale=perl docs/examples/scale.pl"
use strict;
use warnings;
use JSON::PP qw(decode_json encode_json);

# Asked to describe itself, it prints what it takes, and ends.
if ($ENV{FANFOLD_DESCRIBE}) {
    print encode_json({
        about      => 'factor * x, for float64',
        version    => '1',
        parameters => [ { name => 'factor', type => 'number', default => 2, about => 'what to multiply by' } ],
    });
    exit;
}

# Standard output is for frames alone: what anything prints goes to standard error, the worker's log.
open(my $answers, '>&', \*STDOUT) or die "standard output: $!";
open(STDOUT, '>&', \*STDERR) or die "standard error: $!";
binmode $answers;
binmode STDIN;
$SIG{INT} = 'IGNORE';    # Ctrl-C in the worker's terminal is for the worker

# So many bytes of a request; where standard input ends, the worker has no more work.
sub take {
    my ($count) = @_;
    my $bytes = '';
    while (length $bytes < $count) {
        read(STDIN, $bytes, $count - length $bytes, length $bytes) or exit;
    }
    return $bytes;
}

sub read_frame {
    my $head = decode_json(take(unpack 'V', take(4)));
    my $body = take(unpack 'Q<', take(8));
    return ($head, $body);
}

sub write_frame {
    my ($head, $body) = @_;
    my $json = encode_json($head);
    print {$answers} pack('V', length $json), $json, pack('Q<', length $body), $body;
    $answers->flush;
}

# The answer to a chunk: the same header, since dtype and shape stay the same, before other elements.
sub scale {
    my ($npy, $factor) = @_;
    my ($magic, $major) = unpack 'a6 C', $npy;
    my $start = $major == 1 ? 10 + unpack('x8 v', $npy) : 12 + unpack('x8 V', $npy);
    my $header = substr $npy, 0, $start;
    my ($descr) = $header =~ /'descr': *'([^']*)'/;
    die "scale.pl takes float64, not " . ($descr // 'records') . ": convert with x.astype('<f8')\n"
        unless defined $descr && $descr eq '<f8';
    return $header . pack 'd<*', map { $factor * $_ } unpack 'd<*', substr $npy, $start;
}

write_frame({ fanfold => 1, ready => JSON::PP::true }, '');
while (1) {
    my ($request, $npy) = read_frame();
    my $answer = eval { scale($npy, $request->{parameters}{factor}) };
    if (defined $answer) {
        write_frame({ id => $request->{id}, ok => JSON::PP::true }, $answer);
    } else {
        chomp(my $message = $@);
        write_frame({
            id      => $request->{id}, ok => JSON::PP::false,
            error   => 'WrongDtype', message => $message, trace => '',
            lasting => JSON::PP::true,    # the same chunk would fail the same way again
        }, '');
    }
}
