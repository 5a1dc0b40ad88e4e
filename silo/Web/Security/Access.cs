using Hone.Contracts;

namespace Hone.Silo.Web.Security;

/// <summary>Who may use a route: anyone, or whoever has a role that includes this one.</summary>
internal enum Access { Anyone, Viewer, Operator, Admin }

/// <summary>Policies by the names that routes carry.</summary>
internal static class AccessPolicy
{
    public static string Of(Access access) => $"hone-{access}";

    /// <summary>The role that it takes; null: none.</summary>
    public static AccessRole? Role(Access access) => access switch
    {
        Access.Anyone => null,
        Access.Viewer => AccessRole.Viewer,
        Access.Operator => AccessRole.Operator,
        _ => AccessRole.Admin,
    };
}
