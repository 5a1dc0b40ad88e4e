namespace Hone.Grains.Leasing;

/// <summary>Whom an item is for, and what that gives it a right to.</summary>
/// <param name="Owner">Whose items share a line.</param>
/// <param name="Tenant">Whose owners share a limit.</param>
/// <param name="Priority">A higher one goes first.</param>
/// <param name="Weight">Among equal priorities slot time is shared in proportion to it; at least 1.</param>
/// <param name="Most">Leases at once; 0: no limit.</param>
public readonly record struct Claim(string Owner, string Tenant = "default", int Priority = 0, int Weight = 1, int Most = 0);
