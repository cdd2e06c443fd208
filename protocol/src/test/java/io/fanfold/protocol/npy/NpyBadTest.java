package io.fanfold.protocol.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fanfold.protocol.array.ArrayFormatException;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NpyBadTest {
    private static final Set<String> TRIED = new HashSet<>();

    @AfterAll
    static void everyBadFixtureWasTried() {
        assertThat(Fixtures.badFiles()).containsExactlyInAnyOrderElementsOf(TRIED);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " # ", quoteCharacter = '`', textBlock = """
        clongdouble_field # dtype '<c32' is a long double, which differs from machine to machine: convert with x.astype('float64') or 'complex128'
        dtype_comma_text # dtype 'i4,f8' is not supported: convert with x.astype(...) to bool
        dtype_f3 # dtype '<f3' is not supported: convert with x.astype(...) to bool
        dtype_huge # dtype '|S2147483648' is not supported: convert with x.astype(...) to bool
        dtype_is_none # dtype None is neither a string nor a list of fields: write it as NumPy's x.dtype.str or .descr
        dtype_is_number # dtype 8 is neither a string nor a list of fields: write it as NumPy's x.dtype.str or .descr
        dtype_is_tuple # dtype ('<f8', (2,)) is neither a string nor a list of fields: write it as NumPy's x.dtype.str or .descr
        dtype_list_text # dtype "[('a', '<i4')]" is not supported: convert with x.astype(...) to bool
        dtype_name # dtype 'float64' is not supported: convert with x.astype(...) to bool
        dtype_no_size # dtype '<f' is not supported: convert with x.astype(...) to bool
        dtype_unit_of_float # dtype '<f8[ns]' has the unit '[ns]': datetime64 and timedelta64 have
        dtype_unit_unknown # dtype '<M8[parsec]' has the unit '[parsec]': datetime64 and timedelta64 have
        dtype_unknown # dtype '<q9' is not supported: convert with x.astype(...) to bool
        field_huge # a structured dtype passes 2147483647 bytes, the largest of NumPy, at its field ('b', '<f8', (1073741824, 4))
        field_name_number # the field (1, '<i4') of a structured dtype is not (name, type) or (name, type, shape), where name is a string or two
        field_no_type # the field ('a',) of a structured dtype is not (name, type) or (name, type, shape), where name is a string or two
        field_shape_list # shape [2] is not a tuple of integers: write it as NumPy's x.shape
        field_shape_negative # shape (-2,) has the negative length -2: each is 0 or more
        field_title_number # the field ((1, 'a'), '<i4') of a structured dtype is not (name, type) or (name, type, shape), where name is a string or two
        field_too_long # the field ('a', '<i4', (2,), 0) of a structured dtype is not (name, type) or (name, type, shape), where name is a string or two
        field_twice # the name 'a' stands twice among the fields of a structured dtype: rename one of them
        fortran_number # fortran_order is 0, not True or False; write it again with np.save
        fortran_text # fortran_order is 'False', not True or False; write it again with np.save
        header_after # the header cannot be read: expected the end at character 58, found 'x'; write it again with np.save
        header_call # the header cannot be read: expected a string, integer, True, False, None, tuple, list or dict at character 0, found "__import__('os').system('true')"; write it again with np.save
        header_empty # the header cannot be read: expected a string, integer, True, False, None, tuple, list or dict at character 0, found the end; write it again with np.save
        header_escape_beyond # the header cannot be read: an escape means character 1114112, which Unicode does not have; write it again with np.save
        header_escape_name # the header cannot be read: the escape '\\\\N' is not supported; write it again with np.save
        header_escape_short # the header cannot be read: an escape has "1'" for its 2 hex digits; write it again with np.save
        header_expression # the header cannot be read: expected ',' or ')' at character 52, found '+1,), }'; write it again with np.save
        header_extra_key # the header {'descr': '<f8', 'extra': 1, 'fortran_order': False, 'shape': (2,)} has more keys than 'descr', 'fortran_order' and 'shape'; write it again with np.save
        header_float # the header cannot be read: expected ',' or ')' at character 52, found '.0,), }'; write it again with np.save
        header_key_number # the header cannot be read: a dict has the key 1, not a string; write it again with np.save
        header_key_twice # the header cannot be read: the key 'shape' stands twice in a dict; write it again with np.save
        header_line_in_string # the header cannot be read: expected the closing ' of a string at character 4, found "\\nscr': 1}"; write it again with np.save
        header_list # the header is no Python dict but ['descr', 'fortran_order', 'shape']; write it again with np.save
        header_longer_than_file # the header does not end within the 83 bytes that are there: it is truncated; write it again with np.save
        header_nested # the header cannot be read: values are nested deeper than 64 levels; write it again with np.save
        header_no_close # the header cannot be read: expected a string, integer, True, False, None, tuple, list or dict at character 56, found the end; write it again with np.save
        header_no_colon # the header cannot be read: expected ':' at character 9, found "'<f8'}"; write it again with np.save
        header_no_comma # the header cannot be read: expected ',' or '}' at character 16, found "'fortran_order': False}"; write it again with np.save
        header_no_shape # the header has no key 'shape'; write it again with np.save
        header_of_4_gib # the header claims to have 4294967295 bytes, more than the 1048576 that are read; write it again with np.save
        header_open_string # the header cannot be read: expected the closing ' of a string at character 7, found the end; write it again with np.save
        header_set # the header cannot be read: a dict has the key 1, not a string; write it again with np.save
        longdouble # dtype '<f16' is a long double, which differs from machine to machine: convert with x.astype('float64') or 'complex128'
        magic # it starts with '\\x93NUMPX\\x01\\x00', so it is no .npy value: write it with np.save
        npz # it starts with 'PK\\x03\\x04\\x00\\x00\\x00\\x00', so it is no .npy value: write it with np.save
        object # dtype '|O' holds Python objects, which are never unpickled: convert with x.astype(...) to a type of fixed size
        object_field # dtype '|O' holds Python objects, which are never unpickled: convert with x.astype(...) to a type of fixed size
        pickle # it starts with '\\x80\\x04\\x95\\x0b\\x00\\x00\\x00\\x00', so it is no .npy value: write it with np.save
        shape_65_axes # a shape of 65 axes: NumPy allows at most 64, reshape it
        shape_bool # shape (True, True) is not a tuple of integers: write it as NumPy's x.shape
        shape_huge_and_empty # shape (0, 4294967296, 4294967296) has more elements than 64 bits can count: check its lengths
        shape_huge_bytes # float64 (2305843009213693952,) has more bytes than 64 bits can count: check its lengths
        shape_huge_dim # the header cannot be read: '99999999999999999999' is no integer of 64 bits; write it again with np.save
        shape_huge_size # shape (4294967296, 4294967296) has more elements than 64 bits can count: check its lengths
        shape_in_parentheses # shape 2 is not a tuple of integers: write it as NumPy's x.shape
        shape_lies # the header says 8000000 bytes of data for float64 (1000000,), 16 are there: it is truncated; write it again with np.save
        shape_lies_short # the header says 8 bytes of data for float64 (1,), 16 are there: a value holds one array and nothing else; write it again with np.save
        shape_list # shape [2] is not a tuple of integers: write it as NumPy's x.shape
        shape_negative # shape (-2,) has the negative length -2: each is 0 or more
        shape_negative_pair # shape (-1, -2) has the negative length -1: each is 0 or more
        shape_number # shape 2 is not a tuple of integers: write it as NumPy's x.shape
        shape_text # shape ('2',) is not a tuple of integers: write it as NumPy's x.shape
        text # it starts with '1.0, 2.0', so it is no .npy value: write it with np.save
        trailing_byte # the header says 800 bytes of data for float64 (10, 10), 801 are there: a value holds one array and nothing else; write it again with np.save
        truncated_before_data # the header says 800 bytes of data for float64 (10, 10), 0 are there: it is truncated; write it again with np.save
        truncated_empty # it is empty, so it is no .npy value: write it with np.save
        truncated_in_data # the header says 800 bytes of data for float64 (10, 10), 312 are there: it is truncated; write it again with np.save
        truncated_in_header # the header does not end within the 60 bytes that are there: it is truncated; write it again with np.save
        truncated_in_length # the header does not end within the 9 bytes that are there: it is truncated; write it again with np.save
        truncated_in_magic # it starts with '\\x93NU', so it is no .npy value: write it with np.save
        truncated_in_version # the header does not end within the 7 bytes that are there: it is truncated; write it again with np.save
        two_arrays # the header says 800 bytes of data for float64 (10, 10), 1728 are there: a value holds one array and nothing else; write it again with np.save
        utf8 # the header of version 3.0 is not UTF-8; write it again with np.save
        version_0 # .npy version 0.0 is not one of 1.0, 2.0 and 3.0; write it again with np.save
        version_1_1 # .npy version 1.1 is not one of 1.0, 2.0 and 3.0; write it again with np.save
        version_4 # .npy version 4.0 is not one of 1.0, 2.0 and 3.0; write it again with np.save
        """)
    void bytesThatAreNoArrayAreRefusedWithPlaceValueAndRemedy(String name, String message) {
        TRIED.add(name + ".npy");
        byte[] bytes = Fixtures.bytes("bad/" + name + ".npy");

        assertThatExceptionOfType(ArrayFormatException.class)
                .isThrownBy(() -> Npy.decode(MemorySegment.ofArray(bytes), "chunk 3 of job j"))
                .withMessageStartingWith("chunk 3 of job j: " + message)
                .satisfies(refusal -> assertThat(refusal.getMessage()).hasLineCount(1));
    }

    @Test
    void noTruncationOfAnArrayIsReadAsAnArray() {
        for (String file : List.of("le_f8_F", "struct_titles", "struct_unicode_names", "version_2_le_f8")) {
            byte[] bytes = Fixtures.bytes("good/" + file + ".npy");
            for (int length = 0; length < bytes.length; length++) {
                MemorySegment part = MemorySegment.ofArray(bytes).asSlice(0, length);
                assertThatExceptionOfType(ArrayFormatException.class)
                        .as("%s cut to %d bytes", file, length)
                        .isThrownBy(() -> Npy.decode(part, file));
            }
        }
    }

    @Test
    void damageToAHeaderCausesAClearRefusalOrAnArrayOfExactlyTheBytesThatAreThere() {
        long seed = System.nanoTime();
        RandomGenerator random = RandomGeneratorFactory.getDefault().create(seed);
        byte[] good = Fixtures.bytes("good/struct_titles.npy");
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = good.clone();
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                damaged[random.nextInt(128)] = (byte) random.nextInt(256);
            }
            refusedOrRead(damaged, seed);
        }
    }

    private static void refusedOrRead(byte[] bytes, long seed) {
        try {
            assertThat(Npy.decode(MemorySegment.ofArray(bytes), "damaged")
                            .data()
                            .byteSize())
                    .as("seed %d", seed)
                    .isLessThan(bytes.length);
        } catch (ArrayFormatException e) {
            assertThat(e.getMessage())
                    .as("seed %d", seed)
                    .startsWith("damaged: ")
                    .hasLineCount(1);
        }
    }
}
