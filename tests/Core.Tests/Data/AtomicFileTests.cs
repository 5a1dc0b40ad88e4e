using System.Text;
using Hone.Data;

namespace Hone.Core.Tests.Data;

public class AtomicFileTests
{
    [Fact]
    public void TheFolderIsMadeAndTheOldContentReplaced()
    {
        using var root = new TempFolder();
        string path = root["a", "b", "file.txt"];
        AtomicFile.Write(path, "a longer first content"u8.ToArray());
        AtomicFile.Write(path, stream => stream.Write("second"u8));
        Assert.Equal("second", File.ReadAllText(path));
        Assert.Single(root.Files);
    }

    [Fact]
    public void AFailureLeavesTheOldContentAndNoTemporaryFile()
    {
        using var root = new TempFolder();
        AtomicFile.Write(root["file"], "old"u8.ToArray());
        Assert.Throws<IOException>(() => AtomicFile.Write(root["file"], stream =>
        {
            stream.Write("half of the new"u8);
            throw new IOException("No space left on device");
        }));
        Assert.Equal("old", File.ReadAllText(root["file"]));
        Assert.Equal(["file"], root.Files);
    }

    [Fact]
    public void AReaderSeesOneWholeContentWhileWritersReplaceIt()
    {
        using var root = new TempFolder();
        string path = root["file"];
        byte[][] contents = [.. "abcd".Select(letter => Encoding.ASCII.GetBytes(new string(letter, 50_000)))];
        AtomicFile.Write(path, contents[0]);
        Parallel.For(0, 60, i =>
        {
            if (i % 2 == 0) AtomicFile.Write(path, contents[i % 4]);
            byte[] seen = File.ReadAllBytes(path);
            Assert.Equal(50_000, seen.Length);
            Assert.Single(seen.Distinct());
        });
    }

    [Fact]
    public void ASecretIsItsUsersAloneEvenOverAFileThatWasNot()
    {
        if (OperatingSystem.IsWindows()) return;
        using var root = new TempFolder();
        File.WriteAllText(root["key"], "old");
        File.SetUnixFileMode(root["key"], UnixFileMode.UserRead | UnixFileMode.OtherRead);
        AtomicFile.Write(root["key"], stream => stream.Write("new"u8), secret: true);
        Assert.Equal("new", File.ReadAllText(root["key"]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(root["key"]));
    }

    [Fact]
    public void WhatKilledWritersLeftIsSweptAndNothingElse()
    {
        using var root = new TempFolder();
        var now = new DateTime(2030, 1, 2, 0, 0, 0, DateTimeKind.Utc);
        Directory.CreateDirectory(root["ab"]);
        foreach (var (name, written) in new[] { (".tmp-old", now.AddDays(-1)), ("ab/.tmp-old", now.AddDays(-1)), ("ab/.tmp-new", now.AddMinutes(1)), ("ab/file", now.AddDays(-1)) })
        {
            File.WriteAllText(root[name], "x");
            File.SetLastWriteTimeUtc(root[name], written);
        }
        AtomicFile.Sweep(root.Path, olderThan: now);
        AtomicFile.Sweep(root["none"], olderThan: now);
        Assert.Equal(["ab/.tmp-new", "ab/file"], root.Files.Order());
    }
}
