using Hone.Model;

namespace Hone.Data;

/// <summary>Indices into a training set.</summary>
/// <param name="Train">To train on; disjoint from the rest.</param>
/// <param name="Search">To rank candidates during search: the first part of <paramref name="Validation"/>.</param>
/// <param name="Validation">To judge finished members before the test set is opened.</param>
public sealed record Split(int[] Train, int[] Search, int[] Validation);

/// <summary>Seeded, class-balanced subsets of a training set.</summary>
public static class Splits
{
    /// <summary>
    /// Carves disjoint training and validation subsets, each balanced (class counts differ by at most one, and not at all when the count is a
    /// multiple of the number of classes). The search subset is nested in the validation subset. Each class is shuffled by its own stream and
    /// validation takes from the front first, so the validation images do not change with <paramref name="trainCount"/>, and a smaller subset
    /// is the front of a larger one.
    /// </summary>
    /// <exception cref="SpecException">Counts that are negative or not nested.</exception>
    /// <exception cref="HoneException">A class has too few images.</exception>
    public static Split Carve(ImageSet train, int trainCount, int searchCount, int validationCount, ulong seed)
    {
        if (trainCount < 0 || searchCount < 0 || validationCount < 0)
            throw new SpecException($"data: subset sizes must not be negative, got train {trainCount}, search {searchCount}, validation {validationCount}");
        if (searchCount > validationCount)
            throw new SpecException($"data: the search subset is part of the validation subset, but {searchCount} > {validationCount}");

        int[][] members = Shuffled(train, seed); // per class, its images in random order
        for (int label = 0; label < train.Classes; label++)
        {
            int forTrain = Share(trainCount, label, train.Classes), forValidation = Share(validationCount, label, train.Classes);
            if (forTrain + forValidation > members[label].Length)
                throw new HoneException(
                    $"data: class {label} has {members[label].Length} training images, but the balanced split needs {forTrain} to train and "
                    + $"{forValidation} to validate; ask for less than train {trainCount} and validation {validationCount}");
        }
        int[] validation = Deal(validationCount, train.Classes, (label, turn) => members[label][turn]);
        int[] training = Deal(trainCount, train.Classes, (label, turn) => members[label][Share(validationCount, label, train.Classes) + turn]);
        return new Split(training, validation[..searchCount], validation);
    }

    /// <summary>How many of <paramref name="count"/> a class gets when they are dealt in turn.</summary>
    private static int Share(int count, int label, int classes) => count / classes + (label < count % classes ? 1 : 0);

    /// <summary>Deals class after class in turn, so that every front of the result is balanced.</summary>
    private static int[] Deal(int count, int classes, Func<int, int, int> take)
    {
        int[] dealt = new int[count];
        for (int i = 0; i < count; i++) dealt[i] = take(i % classes, i / classes);
        return dealt;
    }

    private static int[][] Shuffled(ImageSet set, ulong seed)
    {
        var members = new List<int>[set.Classes];
        for (int label = 0; label < set.Classes; label++) members[label] = [];
        for (int i = 0; i < set.Count; i++) members[set.Labels[i]].Add(i);
        return [.. members.Select((list, label) => new Chance(seed, Streams.Split, (uint)label).Permutation(list.Count).Select(i => list[i]).ToArray())];
    }
}
